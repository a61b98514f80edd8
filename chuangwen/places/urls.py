from django.urls import path

from chuangwen.places import views

app_name = "places"
urlpatterns = [
    path("places/", views.place_list, name="list"),
    path("places/import/", views.import_places, name="import"),
    path("places/new/", views.new_place, name="new"),
    path("places/map/", views.place_map, name="map"),
    path("places/points.geojson", views.points, name="points"),
    path("places/plates/", views.plates, name="plates"),
    path("places/<str:code>/", views.place, name="place"),
    path("places/<str:code>/edit/", views.edit, name="edit"),
    path("places/<str:code>/state/", views.change_state, name="state"),
    path("p/<slug:plate>/", views.plate, name="plate"),
]
