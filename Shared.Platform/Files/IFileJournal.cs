namespace Shared.Platform.Files;

/// <summary>A second place that has the files of a folder. It has each change before the disk, and what it throws keeps the disk as it was.</summary>
internal interface IFileJournal
{
    /// <summary>Writes the change down, and makes it on the disk by <paramref name="change"/>.</summary>
    /// <returns>What <paramref name="change"/> returned: false where the disk did not change.</returns>
    /// <exception cref="IOException">The change cannot be written down.</exception>
    bool Apply(FileChange what, Func<bool> change);

    /// <summary>Writes a file down that was changed in place.</summary>
    /// <exception cref="IOException">It cannot be written down.</exception>
    void Put(string path);

    /// <summary>The full paths of the files in a folder that the other place has.</summary>
    /// <exception cref="IOException">The other place cannot be asked.</exception>
    IReadOnlyList<string> List(string folder);

    /// <summary>Notes that a file was placed again, with the content that it has.</summary>
    /// <returns>False where the other place does not have it.</returns>
    /// <exception cref="IOException">That cannot be noted.</exception>
    bool Touch(string path, DateTimeOffset now);

    /// <summary>Brings a file to the disk that another machine placed.</summary>
    /// <returns>False where there is none of that name.</returns>
    /// <exception cref="IOException">The other place cannot be asked.</exception>
    bool TryFetch(string path);
}

/// <summary>A change of a name in a folder.</summary>
/// <param name="Operation">One of <see cref="FileOperation.Rename"/>, <see cref="FileOperation.Link"/>, <see cref="FileOperation.RenameFolder"/>,
/// <see cref="FileOperation.Delete"/> and <see cref="FileOperation.DeleteFolder"/>.</param>
/// <param name="Path">The full path that gets or loses its content.</param>
/// <param name="From">The full path that has the content; null for a deletion.</param>
internal readonly record struct FileChange(FileOperation Operation, string Path, string? From = null);
