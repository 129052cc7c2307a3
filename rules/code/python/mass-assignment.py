from django import forms

from shop.models import Account, Order


def create(request):
    # ruleid: python-mass-assignment
    first = Account(**request.json)
    # ruleid: python-mass-assignment
    second = Order.objects.create(**request.POST.dict())
    # ok: python-mass-assignment
    third = Account(name=request.json["name"])
    # ok: python-mass-assignment
    fourth = AccountForm(**request.POST)
    return first, second, third, fourth


# ruleid: python-django-form-all-fields
class OrderForm(forms.ModelForm):
    class Meta:
        model = Order
        fields = "__all__"


# ruleid: python-django-form-all-fields
class AccountSerializer(ModelSerializer):
    class Meta:
        model = Account
        fields = "__all__"


# ok: python-django-form-all-fields
class AccountForm(forms.ModelForm):
    class Meta:
        model = Account
        fields = ["name", "email"]


# ok: python-django-form-all-fields
class OrderAdmin(admin.ModelAdmin):
    class Meta:
        fields = "__all__"
