using Relay.Server.Datasets.Exports;
using Relay.Server.Datasets.Reading;
using Relay.Server.Datasets.Removal;
using Relay.Server.Datasets.Uploads;
using Relay.Server.Storage;

namespace Relay.Server.Datasets;

/// <summary>Datasets: samples and labels that come back, and what is trained from them.</summary>
internal static class DatasetsFeature
{
    public static IServiceCollection AddDatasets(this IServiceCollection services) => services
        .AddSingleton<DatasetStore>()
        .AddSingleton<WorkerCopies>()
        .AddSingleton<TemporaryCopies>()
        .AddSingleton<SamplePurge>()
        .AddSingleton<ForgetService>()
        .AddSingleton<LabelBalances>()
        .AddSingleton<UploadCounter>()
        .AddSingleton<UploadService>()
        .AddSingleton<RetentionWorker>()
        .AddHostedService(services => services.GetRequiredService<RetentionWorker>());

    public static IEndpointRouteBuilder MapDatasets(this IEndpointRouteBuilder app)
    {
        DatasetEndpoints.Map(app);
        UploadEndpoints.Map(app);
        ExportEndpoint.Map(app);
        ForgetEndpoint.Map(app);
        return app;
    }
}
