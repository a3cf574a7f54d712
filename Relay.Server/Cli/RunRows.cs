using System.CommandLine;
using Relay.AdminClient;
using Shared.Contracts.Api;
using Shared.Contracts.Models;

namespace Relay.Server.Cli;

/// <summary>The rows that a version was trained on, of a dataset of the relay, as files that exist until this is disposed.</summary>
internal sealed class RunRows : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relay-rows-").FullName;

    public string Train => Path.Combine(_folder, "train.csv");

    public string? Test { get; private set; }

    /// <param name="testFile">The held-out file, where the run had one of its own; null for none.</param>
    /// <exception cref="RelayException">The dataset no longer has these rows.</exception>
    public static async Task<RunRows> DownloadAsync(
        RelayConnection connection, ParseResult parsed, ModelCard card, string? testFile, CancellationToken cancellationToken)
    {
        using RelayApi relay = connection.Open(parsed, RelayApi.TransferTime);
        VersionDetail version = await relay.Client.Versions.FindAsync(card.Name, card.Version, cancellationToken);
        RunRows rows = new() { Test = testFile };
        try
        {
            await relay.DownloadFileAsync(Routes.RowsOf(version.Version.TrainingRun, "train"), rows.Train, cancellationToken);
            if (testFile is null)
            {
                rows.Test = Path.Combine(rows._folder, "test.csv");
                await relay.DownloadFileAsync(Routes.RowsOf(version.Version.TrainingRun, "test"), rows.Test, cancellationToken);
            }

            return rows;
        }
        catch
        {
            rows.Dispose();
            throw;
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
