/// Words that say little wherever they stand: helping verbs and the like, Kazakh and Russian, dictionary forms. In what is
/// looked for they weigh less than others.
public let lightWords: [String] = """
    болу беру алу ету жасау келу бару тұру қалу шығу жүру айту білу көру кету істеу өту жату кім адам біздің өз барлық ана мына
    получить взять делать сделать дать идти стать иметь узнать должен наш свой человек
    """.split(whereSeparator: \.isWhitespace).map(String.init)
