using System.CommandLine;
using System.Data.Common;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using Relay.AdminClient;
using Relay.Server.Cli.Configuration;
using Relay.Server.Cli.Profiles;
using Relay.Server.Hosting;
using Relay.Server.Storage;
using Relay.Training;
using Relay.Training.Federated;
using Shared.Contracts;
using Shared.Contracts.Json;

namespace Relay.Server.Cli;

/// <summary>Runs a command: each outcome is an exit code, and an expected failure is one line.</summary>
internal static class CommandLine
{
    public const int Failed = 1;

    /// <summary>The exit code that shells report for a process after Ctrl-C.</summary>
    public const int Cancelled = 130;

    /// <summary>The time that a command has to stop after Ctrl-C or a termination signal. More than the 30 s that the host gives its services:
    /// a disk that is slow to flush may not turn a clean end into a failure.</summary>
    private static readonly TimeSpan TerminationTime = TimeSpan.FromSeconds(45);

    /// <summary>Runs a command without any settings.</summary>
    public static Task<int> RunAsync(
        Command root, string[] args, TextWriter output, TextWriter error, CancellationToken cancellationToken = default) =>
        RunAsync(root, args, output, error, RelaySettings.None, cancellationToken);

    /// <param name="settings">What completes the command line.</param>
    public static async Task<int> RunAsync(
        Command root, string[] args, TextWriter output, TextWriter error, RelaySettings settings, CancellationToken cancellationToken = default)
    {
        // What a command prints may quote nodes, mirrors and files of others.
        output = new DisplayTextWriter(output);
        error = new DisplayTextWriter(error);
        CommandInvocation configuration = new()
        {
            Variables = settings.Variables,
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = TerminationTime,
        };

        // A terminal that is closed asks to stop as Ctrl-C does; without this, it would end the process between two statements.
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using PosixSignalRegistration closed = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            if (!HangUp.TryReload())
            {
                stop.Cancel();
            }
        });
        try
        {
            StartedActions.AddTo(root);
            ParseResult parsed = settings.Parse(root, args);
            ProfileOption.Check(parsed);
            return await parsed.InvokeAsync(configuration, stop.Token);
        }
        catch (OperationCanceledException e) when (e.InnerException is TimeoutException)
        {
            await error.WriteLineAsync(DisplayText.Format($"relay: no answer in time: {e.Message}"));
            return Failed;
        }
        catch (OperationCanceledException)
        {
            await error.WriteLineAsync("relay: cancelled");
            return Cancelled;
        }
        catch (JsonException e)
        {
            await error.WriteLineAsync(DisplayText.Format(
                $"relay: cannot read the answer; the relay may have another version than this command: {JsonErrorText.Describe(e)}"));
            return Failed;
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.SecureConnectionError)
        {
            await error.WriteLineAsync(
                "relay: the relay's TLS certificate is not trusted. Name its authority by --ca, for a relay that made its own: DATA/tls/ca.pem. "
                + $"{e.InnerException?.Message ?? e.Message}");
            return Failed;
        }
        catch (Exception e) when (e is CommandException or RelayException or RelayStartException or IOException or InvalidDataException
            or UnauthorizedAccessException or HttpRequestException or TrainingException or RoundException or CryptographicException or DbException)
        {
            await error.WriteLineAsync("relay: " + DisplayText.EscapeLines(e.Message));
            return Failed;
        }
    }
}
