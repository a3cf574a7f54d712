using Relay.Training.Data.Csv;

namespace Relay.Training.Data;

/// <summary>The digest of a data file, as cards have it.</summary>
public static class DataDigest
{
    /// <summary>SHA-256 of the bytes that training reads, unpacked where the file is gzip, lower-case hexadecimal.</summary>
    /// <exception cref="TrainingException">The file is missing, cannot be read, or is packed in a form that is not read.</exception>
    /// <exception cref="OperationCanceledException">Within a second of the request.</exception>
    public static string Compute(string path, CancellationToken cancellationToken)
    {
        using DataFile file = DataFile.Open(path);
        return file.Finish(cancellationToken);
    }
}
