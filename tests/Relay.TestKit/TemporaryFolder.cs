namespace Relay.TestKit;

/// <summary>A folder of one test's own, deleted with it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("relay-test-").FullName;

    public string Combine(string relative) => Path.Combine(FullPath, relative);

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
