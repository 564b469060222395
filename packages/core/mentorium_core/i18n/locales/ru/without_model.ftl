# Said under an answer from the data alone, by why the language model gave none.
without-model-budget = На сегодня сервис искусственного интеллекта ответил вам столько, сколько мог; завтра он снова к вашим услугам. До тех пор — точные данные платформы.
without-model-away = Сервис искусственного интеллекта сейчас не отвечает, поэтому здесь только данные платформы. За подробным ответом спросите чуть позже.
without-model-off = Это точные данные платформы, без сервиса искусственного интеллекта.
# Said in place of figures, by what the question is about.
without-model-others = Я рассказываю только о ваших детях и ни с кем их не сравниваю.
without-model-beyond = В этом я не советчик: лучше поговорить с врачом или психологом. Об учёбе с радостью расскажу, что говорят данные.
without-model-team = Люди из нашей команды отвечают через /paysupport.
without-model-which-child = Я могу рассказать только об этих детях: { $names }. О ком вы спрашиваете?
