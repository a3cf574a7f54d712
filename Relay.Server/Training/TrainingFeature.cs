using Relay.Server.Storage;
using Relay.Server.Training.Records;
using Relay.Training;
using Relay.Training.Engines;
using Relay.Training.Importing;
using Shared.Platform.Memory;

namespace Relay.Server.Training;

/// <summary>Training runs: the queue, the one worker that trains, and the events that clients follow.</summary>
internal static class TrainingFeature
{
    /// <param name="datasetsFolder">The folder that holds training files; null: no training from files.</param>
    /// <param name="isShared">True where several processes take runs.</param>
    public static IServiceCollection AddTraining(
        this IServiceCollection services, string? datasetsFolder, TrainingLimits limits, bool isShared) => services
        .AddSingleton(limits)
        .AddSingleton<TrainingQuota>()
        .AddSingleton(new DatasetFolder(datasetsFolder))
        .AddSingleton(EngineCatalog.CreateDefault())
        .AddSingleton<TrainingPipeline>()
        .AddSingleton<ImportPipeline>()
        .AddSingleton<ImportExecution>()
        .AddSingleton(provider => new RunOwner(provider.GetRequiredService<RelayDatabase>(), isShared))
        .AddSingleton<TrainingRunStore>()
        .AddSingleton<SharedRuns>()
        .AddSingleton<TrainingRunFeed>()
        .AddSingleton<RunFiles>()
        .AddSingleton<RunRecords>()
        .AddSingleton<TrainingQueue>()
        .AddSingleton<TrainingRows>()
        .AddSingleton<IncumbentFinder>()
        .AddSingleton<TrainingExecution>()
        .AddSingleton<TrainingRunEnding>()
        .AddSingleton<TrainingMeter>()
        .AddSingleton(provider => new RunMemory(provider.GetRequiredService<TimeProvider>(), UnusedMemory.Release));

    /// <summary>For a process that trains.</summary>
    public static IServiceCollection AddTrainingWorker(this IServiceCollection services) => services.AddHostedService<TrainingWorker>();

    public static IEndpointRouteBuilder MapTraining(this IEndpointRouteBuilder app)
    {
        TrainingRunEndpoints.Map(app);
        RunRowsEndpoint.Map(app);
        RunRecordEndpoints.Map(app);
        ImportEndpoints.Map(app);
        return app;
    }
}
