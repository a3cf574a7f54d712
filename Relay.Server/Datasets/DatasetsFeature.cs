using Relay.Server.Datasets.Uploads;

namespace Relay.Server.Datasets;

/// <summary>Datasets: samples and labels that come back, and what is trained from them.</summary>
internal static class DatasetsFeature
{
    public static IServiceCollection AddDatasets(this IServiceCollection services) => services
        .AddSingleton<DatasetStore>()
        .AddSingleton<UploadService>();

    public static IEndpointRouteBuilder MapDatasets(this IEndpointRouteBuilder app)
    {
        DatasetEndpoints.Map(app);
        UploadEndpoints.Map(app);
        return app;
    }
}
