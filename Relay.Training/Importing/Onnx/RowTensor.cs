namespace Relay.Training.Importing.Onnx;

/// <summary>A tensor that depends on rows.</summary>
/// <param name="Columns">At most so many numbers per row.</param>
internal readonly record struct RowTensor(long Columns, RowShape Shape = RowShape.Matrix);

/// <summary>Where the rows are in a tensor. Shapes are not mixed: a list beside a matrix of one column gives rows times rows.</summary>
internal enum RowShape
{
    /// <summary>[rows, columns].</summary>
    Matrix,

    /// <summary>[rows].</summary>
    List,

    /// <summary>[1, rows].</summary>
    Transposed,

    /// <summary>[rows, columns, categories].</summary>
    Cube,
}
