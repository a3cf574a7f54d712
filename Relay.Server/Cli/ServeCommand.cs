using System.CommandLine;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Relay.Server.Cli.Configuration;
using Relay.Server.Hosting;
using Relay.Server.Replicas;

namespace Relay.Server.Cli;

/// <summary><c>relay serve</c>: runs the relay until a termination signal.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";
    public const string DefaultData = ".relay";

    public static Command Create()
    {
        ServeOptions options = new();
        ConfiguredCommand command = new(Name, "Starts the relay.") { Completed = options.Settings, Serve = options };
        options.AddTo(command);
        command.SetAction((parsed, cancellationToken) => ServeAsync(
            options.Read(parsed), new(options.TrustOut(parsed), options.EnrollTokenOut(parsed), options.Output(parsed)), cancellationToken));
        return command;
    }

    private static async Task<int> ServeAsync(RelayOptions options, StartAnnouncement announcement, CancellationToken cancellationToken)
    {
        Task<bool> run = options.Replica switch
        {
            null => ServeAloneAsync(options, announcement, cancellationToken),
            { Role: RelayRole.Worker } => new WorkerHost(options, announcement).RunAsync(cancellationToken),
            { } replica => new ReplicaHost(options, replica, announcement).RunAsync(cancellationToken),
        };
        try
        {
            return await run ? 0 : throw new CommandException("A part of the relay failed and stopped it; the log has the cause.");
        }
        catch (OperationCanceledException) when (options.Replica is not null && cancellationToken.IsCancellationRequested)
        {
            // One that waited for a relay that works was stopped in order, and has nothing to end.
            return 0;
        }
    }

    private static async Task<bool> ServeAloneAsync(RelayOptions options, StartAnnouncement announcement, CancellationToken cancellationToken)
    {
        await using WebApplication app = await RelayHost.BuildAsync(options, cancellationToken);
        await HostStart.RunAsync(app, options, cancellationToken);
        using IDisposable reload = HangUp.Reload(() => HostStart.Reload(app.Services));
        await announcement.WriteAddressesAsync(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses);
        await announcement.WriteAsync(app.Services, options);
        await app.WaitForShutdownAsync(cancellationToken);
        return !HostStart.HasFailed(app.Services);
    }
}
