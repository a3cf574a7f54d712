using System.Runtime.InteropServices;
using Relay.Training.Engines.Common;

namespace Benchmarks.Training;

/// <summary>An encoded data set as raw files that every side reads alike: float32 row after row, and int32 labels.</summary>
internal static class MatrixFiles
{
    private const int RowsPerBlock = 4096;

    public static void Write(TrainingSet set, string folder, string part)
    {
        using FileStream labels = File.Create(Path.Combine(folder, part + ".i32"));
        labels.Write(MemoryMarshal.AsBytes<int>(set.Labels));
        using FileStream values = File.Create(Path.Combine(folder, part + ".f32"));
        float[] row = new float[set.Columns.Length];
        for (int r = 0; r < set.RowCount; r++)
        {
            for (int c = 0; c < row.Length; c++)
            {
                row[c] = set.Columns[c][r];
            }

            values.Write(MemoryMarshal.AsBytes<float>(row));
        }
    }

    public static TrainingSet Read(string folder, string part, int columnCount, int classCount)
    {
        int[] labels = new int[new FileInfo(Path.Combine(folder, part + ".i32")).Length / sizeof(int)];
        using FileStream labelFile = File.OpenRead(Path.Combine(folder, part + ".i32"));
        labelFile.ReadExactly(MemoryMarshal.AsBytes(labels.AsSpan()));
        float[][] columns = [.. Enumerable.Range(0, columnCount).Select(_ => new float[labels.Length])];
        using FileStream values = File.OpenRead(Path.Combine(folder, part + ".f32"));
        float[] block = new float[RowsPerBlock * columnCount];
        for (int start = 0; start < labels.Length; start += RowsPerBlock)
        {
            int rows = Math.Min(RowsPerBlock, labels.Length - start);
            values.ReadExactly(MemoryMarshal.AsBytes(block.AsSpan(0, rows * columnCount)));
            for (int c = 0; c < columnCount; c++)
            {
                for (int r = 0; r < rows; r++)
                {
                    columns[c][start + r] = block[(r * columnCount) + c];
                }
            }
        }

        return new TrainingSet(columns, labels, classCount);
    }
}
