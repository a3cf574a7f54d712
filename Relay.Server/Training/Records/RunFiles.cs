using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Relay.Server.Storage;
using Shared.Contracts.Api;
using Shared.Platform.Files;

namespace Relay.Server.Training.Records;

/// <summary>The log and the curve of each training run: files of the data folder, which all processes of a relay share, on one disk or by
/// its journal. The name has the time when the run was queued: a database that began anew, or that came back from a backup, gives the number of a run
/// once more.</summary>
internal sealed class RunFiles(DataFolder folder)
{
    private const char Separator = '-';
    private const string Log = ".log";
    private const string Curve = ".curve";

    /// <summary>Far above what a curve has.</summary>
    private const int MaximumCurveBytes = 256 * 1024;

    public string LogOf(long run, DateTimeOffset createdAt) => Fetch(PathOf(run, createdAt, Log));

    public string CurveOf(long run, DateTimeOffset createdAt) => Fetch(PathOf(run, createdAt, Curve));

    /// <summary>The lines that a run has written; empty where it did nothing yet, or its log is gone.</summary>
    /// <param name="after">Lines to leave out.</param>
    public string ReadLog(TrainingRun run, int after) => RunLog.Read(LogOf(run.Id, run.CreatedAt), after);

    /// <summary>Without points where a run has no curve.</summary>
    public TrainingCurve ReadCurve(long run, DateTimeOffset createdAt)
    {
        try
        {
            using FileStream file = new(CurveOf(run, createdAt), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return file.Length <= MaximumCurveBytes && JsonSerializer.Deserialize(file, RelayApiJson.Default.TrainingCurve) is { } curve
                ? curve
                : RunCurve.Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return RunCurve.Empty;
        }
    }

    /// <summary>Replaces the curve of a run as a whole.</summary>
    public void WriteCurve(long run, DateTimeOffset createdAt, TrainingCurve curve)
    {
        string path = PathOf(run, createdAt, Curve);

        // Not flushed to the disk: it is written every second, and a run needs none of it.
        File.WriteAllBytes(path + ".tmp", JsonSerializer.SerializeToUtf8Bytes(curve, RelayApiJson.Default.TrainingCurve));
        File.Move(path + ".tmp", path, overwrite: true);
        FileJournals.Find(path)?.Put(path);
    }

    /// <summary>Shows the lines that a run has written to processes on other machines.</summary>
    public void ShareLog(long run, DateTimeOffset createdAt)
    {
        string path = PathOf(run, createdAt, Log);
        FileJournals.Find(path)?.Put(path);
    }

    /// <summary>Deletes the files of runs that are deleted. One that cannot be deleted stays until <see cref="DeleteUnknown"/>.</summary>
    public void Delete(IReadOnlyCollection<long> runs)
    {
        foreach (string file in List().Where(file => FindRun(file) is { } run && runs.Contains(run)))
        {
            TryDelete(file);
        }
    }

    /// <summary>Deletes the files of runs that the database does not have: a process may end between the deletion of a run and that of its
    /// files.</summary>
    public void DeleteUnknown(RelayDatabase database)
    {
        // The files first: a run is in the database before it has files.
        string[] files = List();
        if (files.Length == 0)
        {
            return;
        }

        using DbConnection connection = database.Open();
        IEnumerable<(long Id, long At)> runs = connection.Query<(long Id, long At)>("SELECT id, created_at FROM training_runs");
        HashSet<string> known = [.. runs.Select(NameOf)];
        foreach (string file in files.Where(file => !known.Contains(Path.GetFileName(file).Split('.')[0])))
        {
            TryDelete(file);
        }
    }

    private static string NameOf((long Id, long At) run) => string.Create(CultureInfo.InvariantCulture, $"{run.Id}{Separator}{run.At}");

    private static long? FindRun(string file) => long.TryParse(
        Path.GetFileName(file).Split(Separator)[0], NumberStyles.None, CultureInfo.InvariantCulture, out long run) ? run : null;

    private static void TryDelete(string file)
    {
        try
        {
            new DurableFiles().Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next sweep tries again.
        }
    }

    private string[] List() =>
    [
        .. (Directory.Exists(folder.Runs) ? Directory.GetFiles(folder.Runs) : [])
            .Union(FileJournals.Find(folder.Runs)?.List(folder.Runs) ?? [], StringComparer.Ordinal),
    ];

    // A process on another machine may have written it.
    private static string Fetch(string path)
    {
        FileJournals.Find(path)?.TryFetch(path);
        return path;
    }

    private string PathOf(long run, DateTimeOffset createdAt, string ending) =>
        Path.Combine(folder.Runs, NameOf((run, createdAt.ToUnixTimeMilliseconds())) + ending);
}
