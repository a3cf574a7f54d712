namespace Sync.Client.Scoring.TypedRows;

/// <summary>A buffer for the inputs of some rows. Each thread keeps one from call to call, so that a call allocates nothing.</summary>
internal sealed class RowBuffer
{
    [ThreadStatic]
    private static RowBuffer? _spare;

    public float[] Numbers { get; private set; } = [];

    public string[] Categories { get; private set; } = [];

    /// <summary>Returns the thread's buffer, or a new one where a property of a row calls a model itself.</summary>
    public static RowBuffer Take(int numbers, int categories)
    {
        RowBuffer buffer = _spare ?? new();
        _spare = null;
        if (buffer.Numbers.Length < numbers)
        {
            buffer.Numbers = new float[numbers];
        }

        if (buffer.Categories.Length < categories)
        {
            buffer.Categories = new string[categories];
        }

        return buffer;
    }

    public void Return() => _spare = this;
}
