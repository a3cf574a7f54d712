using System.Globalization;
using System.Runtime.InteropServices;
using Relay.Training.Engines.Common;

namespace Relay.Training.Engines.Xgboost;

/// <summary>Rows with labels and weights inside the library.</summary>
internal sealed unsafe class XgboostMatrix : IDisposable
{
    private nint _handle;

    private XgboostMatrix(nint handle) => _handle = handle;

    public nint Handle => _handle;

    /// <param name="rows">Which rows of the set, in order.</param>
    public static XgboostMatrix Create(TrainingSet set, ReadOnlySpan<int> rows, int threads)
    {
        int columns = set.Columns.Length;
        float* cells = (float*)NativeMemory.Alloc((nuint)rows.Length * (nuint)columns, sizeof(float));
        XgboostMatrix matrix;
        try
        {
            for (int c = 0; c < columns; c++)
            {
                float[] column = set.Columns[c];
                float* cell = cells + c;
                foreach (int row in rows)
                {
                    *cell = column[row];
                    cell += columns;
                }
            }

            string array = string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"data": [{{(ulong)cells}}, true], "shape": [{{rows.Length}}, {{columns}}], "typestr": "<f4", "version": 3}""");
            string config = string.Create(CultureInfo.InvariantCulture, $$"""{"missing": NaN, "nthread": {{threads}}}""");
            XgboostLibrary.Check(XgboostNative.MatrixCreate(array, config, out nint handle));
            matrix = new XgboostMatrix(handle);
        }
        finally
        {
            NativeMemory.Free(cells);
        }

        try
        {
            matrix.Set("label", set.Targets, set.Labels, rows);
            if (set.SampleWeights is { } weights)
            {
                matrix.Set("weight", weights, [], rows);
            }

            return matrix;
        }
        catch
        {
            matrix.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _handle, 0) is var handle and not 0)
        {
            XgboostLibrary.Check(XgboostNative.MatrixFree(handle));
        }
    }

    private void Set(string field, float[]? numbers, int[] classes, ReadOnlySpan<int> rows)
    {
        float[] values = new float[rows.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = numbers is null ? classes[rows[i]] : numbers[rows[i]];
        }

        fixed (float* at = values)
        {
            XgboostLibrary.Check(XgboostNative.MatrixSetFloats(_handle, field, at, (ulong)values.Length));
        }
    }
}
