from django.urls import path

from fangxin.kernel.people.views import account, manage, sign_in

app_name = "people"
urlpatterns = [
    path("sign-in/", sign_in.SignIn.as_view(), name="sign_in"),
    path("second-factor/", sign_in.second_factor, name="second_factor"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("account/", account.account, name="account"),
    path("account/password/", account.change_password, name="change_password"),
    path("account/second-factor/", account.set_second_factor, name="set_second_factor"),
    path("account/second-factor/remove/", account.remove_second_factor, name="remove_second_factor"),
    path("users/", manage.Users.as_view(), name="users"),
    path("users/new/", manage.new_user, name="new_user"),
    path("users/<int:pk>/", manage.user_page, name="user"),
    path("users/<int:pk>/password/", manage.reset_password, name="reset_password"),
    path("users/<int:pk>/posts/new/", manage.new_post, name="new_post"),
    path("posts/<int:pk>/end/", manage.end_post, name="end_post"),
    path("agencies/", manage.Agencies.as_view(), name="agencies"),
    path("agencies/new/", manage.agency_page, name="new_agency"),
    path("agencies/<int:pk>/", manage.agency_page, name="agency"),
    path("divisions/", manage.Divisions.as_view(), name="divisions"),
    path("divisions/new/", manage.new_division, name="new_division"),
    path("divisions/<int:pk>/", manage.division_page, name="division"),
]
