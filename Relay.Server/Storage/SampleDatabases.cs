using System.Data.Common;

namespace Relay.Server.Storage;

/// <summary>Where the samples of all datasets are: files of the data folder, or schemas of the database that has the rows. Each has a name, by which
/// the row of its dataset refers to it.</summary>
internal abstract class SampleDatabases
{
    /// <summary>What each name ends with, whichever engine has the samples: backups have them as files.</summary>
    public const string Ending = ".db";

    /// <summary>Creates an empty one; it is complete when this returns.</summary>
    /// <param name="key">The key of the hashes of the dataset: it ends with the samples.</param>
    public abstract SampleDatabase Create(string name, byte[] key);

    /// <summary>Opens one that is there: one that is missing or empty is not created.</summary>
    /// <exception cref="SampleFileException">It is missing, or another version made it.</exception>
    /// <exception cref="DbException">It cannot be used.</exception>
    public abstract SampleDatabase Open(string name);

    /// <summary>Deletes one, whether it can be read or not.</summary>
    /// <returns>False where a reader keeps it: nothing is deleted.</returns>
    public abstract bool TryDelete(string name);

    /// <summary>The names of all that there are.</summary>
    public abstract IReadOnlyList<string> FindNames();

    /// <summary>Takes files of the data folder over, where they are not where samples are kept. A file that is damaged stays, and its dataset cannot
    /// be used.</summary>
    /// <param name="datasets">The datasets by the names of their samples.</param>
    /// <param name="show">Is told of each.</param>
    public abstract void TakeOverFiles(IReadOnlyDictionary<string, string> datasets, Action<string> show);
}
