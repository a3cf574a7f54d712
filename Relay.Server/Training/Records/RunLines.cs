using System.Globalization;
using Relay.Training;
using Shared.Contracts.Models;

namespace Relay.Server.Training.Records;

/// <summary>The lines of a log about what a run reads and makes.</summary>
internal static class RunLines
{
    /// <summary>The rows that a run has opened, with their bytes.</summary>
    public static string Describe(ClaimedRun run, OpenedRows opened) => (run.Data, opened) switch
    {
        ({ Simulator: { } simulator }, _) => Text($"Rows: {simulator.Requests:N0} simulated requests, seed {simulator.Seed}."),
        (_, { Use: { } use, Origin: DataOrigin.Files files }) => Text(
            $"Rows: {use.Used:N0} of the {use.Rows:N0} of dataset {use.Name} up to position {use.Position}, {BytesOf(files.TrainPath)} to train on")
            + HeldOut(run, files),
        (_, { Origin: DataOrigin.Files files }) => Text($"Rows: {run.Data.Train}, {BytesOf(files.TrainPath)}") + HeldOut(run, files),
        _ => "Rows are open.",
    };

    /// <summary>The version that gates compare the new one with.</summary>
    public static string Describe(IncumbentModel? incumbent) => incumbent is { Card: { } card }
        ? Text($"Gates compare with version {card.Version}.")
        : "There is no version to compare with.";

    /// <summary>A version that is complete, and not stored yet: the run may still be cancelled.</summary>
    public static string Describe(ModelCard card, string elapsed) => Text(
        $"Made version {card.Version} in {elapsed}: signed, {card.SizeBytes:N0} bytes, {card.TreeCount:N0} trees, ")
        + Text($"trained on {card.Train.Rows:N0} rows, measured on {card.Test.Rows:N0}.");

    private static string HeldOut(ClaimedRun run, DataOrigin.Files files) => files.TestPath is { } test
        ? Text($"; held out: {run.Data.Test ?? "rows of the same dataset"}, {BytesOf(test)}.")
        : "; a part of them is held out.";

    private static string BytesOf(string path) => Text($"{new FileInfo(path).Length:N0} bytes");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
