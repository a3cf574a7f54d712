namespace Shared.Platform.Files;

/// <summary>One operation on the disk.</summary>
internal readonly record struct FileStep(FileOperation Operation, string Path)
{
    /// <summary>True for what changes no file: it makes durable what others changed.</summary>
    public bool IsFlush => Operation is FileOperation.Flush or FileOperation.FlushFolder;

    public bool IsRename => Operation is FileOperation.Rename or FileOperation.RenameFolder;
}

internal enum FileOperation
{
    CreateFolder,
    Create,
    Truncate,
    Write,
    Flush,
    Rename,
    Link,
    RenameFolder,
    FlushFolder,
    Delete,
    DeleteFolder,
}

/// <summary>Where tests hook in: they end the process at a step, or let the disk be full there.</summary>
internal readonly record struct FileStepHooks(Action<FileStep>? BeforeStep, Action<FileStep>? AfterStep)
{
    public void Before(FileOperation operation, string path) => BeforeStep?.Invoke(new(operation, path));

    public void After(FileOperation operation, string path) => AfterStep?.Invoke(new(operation, path));
}
