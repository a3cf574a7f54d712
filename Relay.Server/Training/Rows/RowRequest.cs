namespace Relay.Server.Training.Rows;

/// <summary>A process wants the rows of its run.</summary>
/// <param name="Folder">The name of the folder that the process has in the data folder.</param>
internal sealed record RowRequest(long Run, string Folder)
{
    /// <summary>The folder of the rows, in that of the process: whatever is in there, its end deletes.</summary>
    public static string NameOf(long run) => $"run-{run}";
}
