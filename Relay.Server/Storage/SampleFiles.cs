namespace Relay.Server.Storage;

/// <summary>The samples of datasets as SQLite files of the data folder: <c>samples/&lt;random&gt;.db</c>.</summary>
internal sealed class SampleFiles(DataFolder folder) : SampleDatabases
{
    public override SampleDatabase Create(string name, byte[] key) => SqliteSamples.Create(PathOf(name), key, folder.Uploads);

    public override SampleDatabase Open(string name) => SqliteSamples.Open(PathOf(name), folder.Uploads);

    public override bool TryDelete(string name)
    {
        SqliteSamples.Delete(PathOf(name));
        return true;
    }

    public override IReadOnlyList<string> FindNames() => FindNames(folder);

    public override void TakeOverFiles(IReadOnlyDictionary<string, string> datasets, Action<string> show)
    {
    }

    /// <summary>The names of the files in a folder.</summary>
    public static IReadOnlyList<string> FindNames(DataFolder folder) =>
        [.. Directory.EnumerateFiles(folder.Samples, "*" + Ending).Select(file => Path.GetFileName(file))];

    private string PathOf(string name) => Path.Combine(folder.Samples, name);
}
