# What the mentor says when it does not know whom the language model meant.
mentor-your-child = farzandingiz
# Where to reach the teacher: told to the model with the teacher's words.
mentor-reach-teacher = Bu chatda oʻqituvchi bilan bevosita aloqa yoʻq. Oʻqituvchining oxirgi soʻzlarini /teacher koʻrsatadi; oʻqituvchiga yozish yoki qoʻngʻiroq soʻrash uchun Mentorium platformasidagi maktabga murojaat qiling.
