from django.urls import path

from fangxin.actions.farm_inputs import urls_inputs
from fangxin.actions.farm_inputs.views import batches, farms, home, mine, products, records

app_name = "farm_inputs"
urlpatterns = [
    path("", home.home, name="home"),
    # --- farms, records, locks ---
    path("mine/", mine.mine, name="mine"),
    path("mine/<int:pk>/use/", mine.choose, name="choose"),
    path("mine/<int:pk>/use/<int:product>/", mine.quick, name="quick"),
    path("farms/", farms.Farms.as_view(), name="farms"),
    path("farms/new/", farms.farm_new, name="farm_new"),
    path("farms/household/", farms.household_new, name="household_new"),
    path("farms/<int:pk>/", farms.farm_page, name="farm"),
    path("farms/<int:pk>/edit/", farms.farm_edit, name="farm_edit"),
    path("farms/<int:pk>/batches/new/", batches.batch_new, name="batch_new"),
    path("farms/<int:pk>/file.<str:kind>", farms.farm_file, name="farm_file"),
    path("batches/", batches.Batches.as_view(), name="batches"),
    path("batches/<int:pk>/", batches.batch_page, name="batch"),
    path("batches/<int:pk>/end/", batches.batch_end, name="batch_end"),
    path("batches/<int:pk>/use/", records.application_new, name="application_new"),
    path("batches/<int:pk>/harvest/", records.harvest_new, name="harvest_new"),
    path("batches/<int:pk>/diary/<str:kind>/", records.diary_new, name="diary_new"),
    path("applications/", records.Applications.as_view(), name="applications"),
    path("applications/<int:pk>/correct/", records.application_correct, name="application_correct"),
    path("diary/<int:pk>/correct/", records.diary_correct, name="diary_correct"),
    path("harvests/", records.Harvests.as_view(), name="harvests"),
    path("harvests/<int:pk>/correct/", records.harvest_correct, name="harvest_correct"),
    path("findings/", records.Findings.as_view(), name="findings"),
    path("products/", products.Products.as_view(), name="products"),
    path("products/new/", products.product_new, name="product_new"),
    path("products/load/", products.products_load, name="products_load"),
    path("products/<int:pk>/", products.product_page, name="product"),
    path("products/<int:pk>/uses/new/", products.label_use_new, name="label_use_new"),
    # --- dealers, packages, reduction, forecasts ---
    *urls_inputs.urlpatterns,
]
