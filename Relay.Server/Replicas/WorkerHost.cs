using Relay.Server.Hosting;
using Relay.Server.Http.Access.Tokens;
using Relay.Server.Storage;
using Relay.Server.Training;
using Shared.Contracts;

namespace Relay.Server.Replicas;

/// <summary>Trains for the relays on one database, in a process of its own: its memory and its crashes are not theirs. It takes
/// the oldest run that waits, and those of processes that are gone, and answers no requests.</summary>
internal sealed class WorkerHost(RelayOptions options, StartAnnouncement announcement)
{
    /// <returns>False when the worker failed.</returns>
    /// <exception cref="RelayStartException">The relay is of another version, or the database cannot be used.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        ActiveRelay active = (await ActiveRelay.WaitAsync(options.Server!, announcement.Output, null, cancellationToken))!;
        using RelayFolder folder = await RelayFolder.JoinAsync(options, cancellationToken);
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(options.Telemetry.Variables);
        RelayHost.AddLogging(builder.Logging, options.LogLevel, options.LogFormat);
        RelayHost.AddFeatures(builder.Services, options, IdentitySettings.Read(null), folder);
        KeepTelemetry(builder.Services);
        builder.Services.AddSingleton(folder.Worker!).AddTrainingWorker();
        using IHost host = builder.Build();
        await host.StartAsync(cancellationToken);
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task following = folder.Stored?.FollowAsync(
            error => announcement.Output.WriteLine(
                DisplayText.Format($"This process cannot copy the files of the data folder, and tries again: {error.Message}")),
            ended.Token) ?? Task.CompletedTask;
        await announcement.Output.WriteLineAsync(DisplayText.Format($"This process trains for the relay at {active.Address.AbsoluteUri}"));
        await host.WaitForShutdownAsync(cancellationToken);
        await ended.CancelAsync();
        await following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !HostStart.HasFailed(host.Services);
    }

    // All other services that run by themselves are the relay's.
    private static void KeepTelemetry(IServiceCollection services)
    {
        foreach (ServiceDescriptor hosted in services.Where(service => service.ServiceType == typeof(IHostedService)).ToList())
        {
            if (hosted.ImplementationType?.Namespace?.StartsWith("OpenTelemetry", StringComparison.Ordinal) != true)
            {
                services.Remove(hosted);
            }
        }
    }
}
