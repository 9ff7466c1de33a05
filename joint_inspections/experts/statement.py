"""The statement an expert accepts before anything of a visit is shown: words of a document, by edition."""

# whoever changes a word makes another statement; what was accepted is kept by the digest of these words
STATEMENT = {
    "zh": (
        "本人作为随机抽取的专家协助本次行政检查，只提供专业意见，不具执法资格，不计入两名以上执法人员，不代表任何部门签字，"
        "不作出检查结论。",
        "对检查对象、检查时间、检查人员以及在检查中知悉的商业秘密、个人信息和其他未公开的情况严格保密，不向任何人透露，"
        "不用于其他目的；检查结束后仍然有效。",
        "得知检查对象后，如与其有任职、投资、亲属、业务往来或者其他可能影响公正的关系，立即声明回避。",
        "不接受检查对象的馈赠、报酬、宴请或者其他利益，不向其推荐产品或者服务。",
    ),
    "en": (
        "I assist this inspection as an expert drawn by lot. I give a professional opinion only; I have no enforcement "
        "powers, do not count among the two inspectors, sign for no department and decide no result.",
        "I keep secret who is inspected, when and by whom, and every trade secret, personal information and other "
        "matter not public that I learn of; I tell nobody and use it for nothing else, also after the inspection.",
        "When I learn who is inspected I stand back at once if I am employed by, invested in, related to or in "
        "business with it, or if anything else may affect fairness.",
        "I accept no gift, pay, banquet or other advantage from it and recommend no product or service to it.",
    ),
}
# the words in force; the Chinese ones are those that bind
ACCEPTED_WORDS = "\n".join(STATEMENT["zh"])
