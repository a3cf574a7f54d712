using System.CommandLine;
using System.Text.Json;
using Relay.Server.Repository.Rotation;
using Relay.Server.Storage;
using Relay.Training;

namespace Relay.Server.Cli;

/// <summary>Runs a command so that every outcome is an exit code and an expected failure is one line.</summary>
internal static class CommandLine
{
    public const int Failed = 1;

    /// <summary>What shells report for a process that Ctrl-C ended.</summary>
    public const int Cancelled = 130;

    /// <summary>Time for a command, the relay included, to end in order after Ctrl-C or a termination signal.</summary>
    private static readonly TimeSpan TerminationTime = TimeSpan.FromSeconds(15);

    public static async Task<int> RunAsync(
        RootCommand root, string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        InvocationConfiguration configuration = new()
        {
            Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TerminationTime,
        };
        try
        {
            return await root.Parse(args).InvokeAsync(configuration, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("relay: cancelled");
            return Cancelled;
        }
        catch (JsonException e)
        {
            await error.WriteLineAsync($"relay: the answer is not one of this relay's version: {e.Message}");
            return Failed;
        }
        catch (Exception e) when (e is RelayApiException or RelayStartException or IOException or InvalidDataException
            or UnauthorizedAccessException or HttpRequestException or RotationException or TrainingException)
        {
            await error.WriteLineAsync($"relay: {e.Message}");
            return Failed;
        }
    }
}
