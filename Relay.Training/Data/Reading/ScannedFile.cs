namespace Relay.Training.Data.Reading;

/// <summary>What a pass over a file found.</summary>
/// <param name="Name">The file's name, without folders.</param>
/// <param name="Sha256">Of the unpacked bytes, lower-case hexadecimal.</param>
/// <param name="Warnings">What is odd about the file, but does no harm, one sentence each; null where nothing is.</param>
internal sealed record ScannedFile(string Name, int Rows, string Sha256, IReadOnlyList<string>? Warnings);
