namespace Sync.Node.Inference.Tensors;

/// <summary>A tensor of a request.</summary>
internal sealed record InputTensor(string Name, TensorType Type, TensorShape Shape, TensorData Data);

/// <summary>The shape of a tensor: rows, and the columns of one where it has a second dimension.</summary>
/// <param name="Columns">1 where there is no second dimension.</param>
internal readonly record struct TensorShape(int Rows, int Columns, bool HasColumns)
{
    private const int MaximumColumns = 1 << 20;

    public int Elements => Rows * Columns;

    /// <param name="tensor">Its name, for the message.</param>
    /// <param name="maximumRows">The most rows of one request.</param>
    /// <exception cref="InferenceException">It is no shape of rows.</exception>
    public static TensorShape Create(ReadOnlySpan<long> dimensions, string tensor, int maximumRows)
    {
        if (dimensions.Length is < 1 or > 2)
        {
            Malformed.Throw(
                $"input '{tensor}' has a shape of {dimensions.Length} dimensions: use [rows], [rows, 1], or [rows, columns] for all columns");
        }

        long columns = dimensions.Length == 2 ? dimensions[1] : 1;
        if (dimensions[0] < 1 || columns is < 1 or > MaximumColumns)
        {
            Malformed.Throw($"input '{tensor}' has shape [{string.Join(", ", dimensions.ToArray())}]: send at least one row and one column");
        }

        if (dimensions[0] > maximumRows)
        {
            throw new InferenceException(
                InferenceFault.TooLarge,
                $"the request has {dimensions[0]} rows; this node takes at most {maximumRows} at a time: send several requests, or raise --max-rows");
        }

        if (dimensions[0] * columns > int.MaxValue)
        {
            Malformed.Throw($"input '{tensor}' has more elements than a request can hold: send fewer rows");
        }

        return new((int)dimensions[0], (int)columns, dimensions.Length == 2);
    }
}
