using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Shared.Contracts;
using Shared.Contracts.Api;
using Sync.Client;

namespace Sync.Node;

/// <summary>The commands of relay-node: each opens the node, restores it, does its work and prints the status.</summary>
internal static class NodeCommands
{
    private static readonly JsonSerializerOptions StatusJson =
        new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter() } };

    /// <param name="update">Null to print the status only.</param>
    /// <returns>0 when the update succeeded, 1 when something was refused or the environment does not allow it.</returns>
    public static Task<int> RunAsync(
        RelaySyncOptions options, Func<SyncClient, CancellationToken, Task<RefreshResult>>? update, CancellationToken cancellationToken) =>
        WithNodeAsync(options, update is null ? StoreUse.Read : StoreUse.Change, async node =>
        {
            RefreshResult? result = update is null ? null : await update(node, cancellationToken);
            Show(node.Status, options, result?.Refusal);
            if (result?.Refusal is { } refusal)
            {
                await Console.Error.WriteLineAsync(DisplayText.Format($"refused: {refusal.Reason} of {refusal.Subject}, {refusal.Detail}"));
            }

            return result?.Refusal is null ? 0 : 1;
        }, cancellationToken);

    /// <summary>Prints the status as JSON, with the members of <see cref="SyncStatus"/>.</summary>
    public static Task<int> ShowJsonAsync(RelaySyncOptions options, CancellationToken cancellationToken) =>
        WithNodeAsync(options, StoreUse.Read, node =>
        {
            Console.WriteLine(JsonSerializer.Serialize(node.Status, StatusJson));
            return Task.FromResult(0);
        }, cancellationToken);

    /// <param name="steer">Sets the steering, with an update; without a relay, it sets the steering all the same.</param>
    /// <returns>0 when the node has the steering.</returns>
    public static Task<int> SteerAsync(
        RelaySyncOptions options, NodeSteering wanted, Func<SyncClient, CancellationToken, Task<RefreshResult>> steer,
        CancellationToken cancellationToken) =>
        WithNodeAsync(options, StoreUse.Change, async node =>
        {
            RefreshResult result = await steer(node, cancellationToken);
            Show(node.Status, options, result.Refusal);
            if (result.Refusal is { } refusal && !(options.AirGapped && refusal.Reason is RefusalReason.TransportUnavailable))
            {
                await Console.Error.WriteLineAsync(DisplayText.Format($"refused: {refusal.Reason} of {refusal.Subject}, {refusal.Detail}"));
            }

            return node.Status.Steering == wanted ? 0 : 1;
        }, cancellationToken);

    /// <param name="sha256">Null for all.</param>
    /// <returns>0 when something was lifted from quarantine.</returns>
    public static Task<int> LiftAsync(RelaySyncOptions options, string? sha256, CancellationToken cancellationToken) =>
        WithNodeAsync(options, StoreUse.Change, async node =>
        {
            int lifted = await node.LiftQuarantineAsync(sha256, cancellationToken);
            Console.WriteLine(DisplayText.Format($"{lifted} removed from quarantine; the next update tries them out again."));
            return lifted > 0 ? 0 : 1;
        }, cancellationToken);

    /// <param name="model">Null for all.</param>
    /// <returns>0 when a schema was kept, so that there is something to accept.</returns>
    public static Task<int> AcceptSchemaAsync(RelaySyncOptions options, string? model, CancellationToken cancellationToken) =>
        WithNodeAsync(options, StoreUse.Change, async node =>
        {
            IReadOnlyList<string> accepted = await node.AcceptNextSchemaAsync(model, cancellationToken);
            Console.WriteLine(accepted.Count == 0
                ? "This store keeps no schema of that model: the next release gives it."
                : $"The next release with another schema of {string.Join(", ", accepted)} is accepted, once.");
            return accepted.Count > 0 ? 0 : 1;
        }, cancellationToken);

    /// <summary>Opens and restores a node for one act; errors of the options and of the environment are one line each.</summary>
    public static async Task<int> WithNodeAsync(
        RelaySyncOptions options, StoreUse use, Func<SyncClient, Task<int>> act, CancellationToken cancellationToken)
    {
        if (use is StoreUse.Read && !Directory.Exists(options.StoreFolder))
        {
            await Console.Error.WriteLineAsync(DisplayText.Format(
                $"relay-node: there is no store at {Path.GetFullPath(options.StoreFolder)}: name it by --store, or fill it by 'relay-node refresh'"));
            return 1;
        }

        try
        {
            await using ServiceProvider services = Compose(options);
            SyncClient node = services.GetRequiredService<SyncClient>();
            await node.RestoreAsync(cancellationToken);
            if (use is StoreUse.Change && node.Status.CurrentRefusals.FirstOrDefault(r => r.Reason == nameof(RefusalReason.StoreInUse)) is { } inUse)
            {
                await Console.Error.WriteLineAsync(DisplayText.Format($"relay-node: {inUse.Subject}: {inUse.Detail}"));
                return 1;
            }

            return await act(node);
        }
        catch (OptionsValidationException invalid)
        {
            await Console.Error.WriteLineAsync(string.Join('\n', invalid.Failures));
            return 1;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(DisplayText.Format($"relay-node: {failure.Message}"));
            return 1;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return 1;
        }
    }

    private static ServiceProvider Compose(RelaySyncOptions options)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddRelaySync(o => NodeOptions.Copy(options, o));
        return services.BuildServiceProvider();
    }

    /// <param name="ending">Why the command fails, which its errors say.</param>
    private static void Show(SyncStatus status, RelaySyncOptions options, Refusal? ending)
    {
        string release = status.Release == 0 ? "no release yet" : $"release {status.Release}";
        string steering = status.Steering.Mode is SteeringMode.Following ? "" : $", {status.Steering.ToString().ToLowerInvariant()}";
        Console.WriteLine(DisplayText.Format($"{status.Node} on {status.Channel}: {release}{steering}{(status.Stale ? ", STALE" : "")}"));
        if (status.Waiting is { } waiting)
        {
            Console.WriteLine(DisplayText.Format($"  {waiting}"));
        }

        foreach (ActiveModel model in status.Models)
        {
            Console.WriteLine(DisplayText.Format($"  {model.Name} {model.Version} {model.Sha256} ({model.Scorer})"));
        }

        // A node without network has no relay to miss.
        foreach (RefusalReport refusal in status.CurrentRefusals.Where(
            r => (!options.AirGapped || r.Reason != nameof(RefusalReason.TransportUnavailable))
                && (r.Reason != ending?.Reason.ToString() || r.Subject != ending.Subject)))
        {
            Console.WriteLine(refusal.Reason == nameof(RefusalReason.StoreInUse)
                ? "  another process has the store open: this is what the store holds"
                : DisplayText.Format($"  {refusal.Reason} of {refusal.Subject}: {refusal.Detail}"));
        }

        foreach (QuarantinedArtifact artifact in status.Quarantine)
        {
            Console.WriteLine(DisplayText.Format($"  in quarantine: {artifact.Model} {artifact.Version}, {artifact.Reason}, {artifact.Sha256}"));
        }
    }
}
