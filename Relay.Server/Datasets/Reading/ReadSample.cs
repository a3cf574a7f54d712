namespace Relay.Server.Datasets.Reading;

/// <summary>A sample with what its labels amount to.</summary>
/// <param name="Source">The number of the source that sent it.</param>
/// <param name="Cells">The texts of the columns but the label, each ended by NUL.</param>
internal sealed record ReadSample(long Position, string Id, long Source, byte[] Cells, LabelVerdict Verdict)
{
    /// <summary>About as many as it takes in a file.</summary>
    public int Bytes => Cells.Length + Id.Length;
}
