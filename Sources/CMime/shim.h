#include <gmime/gmime.h>
#include <stdlib.h>
#include <string.h>

// GMime's casts and type tests are macros of GObject, which Swift does not see: one function each.

static inline GMimeMessage *cmime_message(const char *bytes, size_t length) {
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, length);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    g_object_unref(parser);
    g_object_unref(stream);
    return message;
}

static inline void cmime_free(GMimeMessage *message) { g_object_unref(message); }

/* A header's value as it stands in the letter; NULL for none. */
static inline const char *cmime_raw_header(GMimeMessage *message, const char *name) {
    GMimeHeader *header = g_mime_header_list_get_header(g_mime_object_get_header_list(GMIME_OBJECT(message)), name);
    return header ? g_mime_header_get_raw_value(header) : NULL;
}

static inline const char *cmime_header(GMimeMessage *message, const char *name) {
    return g_mime_object_get_header(GMIME_OBJECT(message), name);
}

static inline GMimeObject *cmime_root(GMimeMessage *message) { return g_mime_message_get_mime_part(message); }

// The first mailbox of a list, or NULL; groups hold none.
static inline const char *cmime_mailbox(InternetAddressList *list) {
    if (list == NULL || internet_address_list_length(list) < 1) return NULL;
    InternetAddress *address = internet_address_list_get_address(list, 0);
    return INTERNET_ADDRESS_IS_MAILBOX(address) ? INTERNET_ADDRESS_MAILBOX(address)->addr : NULL;
}

static inline int cmime_children(GMimeObject *object) {
    return GMIME_IS_MULTIPART(object) ? g_mime_multipart_get_count(GMIME_MULTIPART(object)) : -1;
}

static inline GMimeObject *cmime_child(GMimeObject *object, int index) {
    return g_mime_multipart_get_part(GMIME_MULTIPART(object), index);
}

static inline const char *cmime_type(GMimeObject *object) {
    GMimeContentType *type = g_mime_object_get_content_type(object);
    return type == NULL ? NULL : g_mime_content_type_get_media_type(type);
}

static inline const char *cmime_subtype(GMimeObject *object) {
    GMimeContentType *type = g_mime_object_get_content_type(object);
    return type == NULL ? NULL : g_mime_content_type_get_media_subtype(type);
}

static inline const char *cmime_parameter(GMimeObject *object, const char *name) {
    return g_mime_object_get_content_type_parameter(object, name);
}

static inline int cmime_is_attachment(GMimeObject *object) {
    return GMIME_IS_PART(object) && g_mime_part_is_attachment(GMIME_PART(object));
}

// Decoded text in UTF-8, to be freed with g_free; NULL for what is no text.
static inline char *cmime_text(GMimeObject *object) {
    return GMIME_IS_TEXT_PART(object) ? g_mime_text_part_get_text(GMIME_TEXT_PART(object)) : NULL;
}

// Decoded bytes of a part, to be freed with g_free; NULL for what has none.
static inline char *cmime_bytes(GMimeObject *object, size_t *length) {
    GMimeDataWrapper *content = GMIME_IS_PART(object) ? g_mime_part_get_content(GMIME_PART(object)) : NULL;
    if (content == NULL) return NULL;
    GMimeStream *stream = g_mime_stream_mem_new();
    g_mime_data_wrapper_write_to_stream(content, stream);
    GByteArray *array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    *length = array->len;
    char *bytes = (char *)g_malloc(array->len + 1);
    memcpy(bytes, array->data, array->len);
    bytes[array->len] = 0;
    g_object_unref(stream);
    return bytes;
}
