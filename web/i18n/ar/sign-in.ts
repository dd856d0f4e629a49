export default {
  title: "سجّل الدخول للدردشة",
  titleNew: "الانضمام إلى Plaza",
  name: "الاسم",
  email: "البريد الإلكتروني",
  password: "كلمة المرور",
  enter: "تسجيل الدخول",
  create: "إنشاء حساب",
  haveAccount: "لدي حساب",
  noAccount: "إنشاء حساب",
  demoTitle: "تجوّل بصفة أحد هؤلاء",
  demoText: "في هذا الخادم بيانات تجريبية، وكلمة مرورهم معلنة.",
};
