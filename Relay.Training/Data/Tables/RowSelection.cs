namespace Relay.Training.Data.Tables;

/// <summary>Some of the rows of a source, in its order.</summary>
internal abstract record RowSelection
{
    /// <summary>Rows one after another.</summary>
    public static RowSelection Range(int start, int count) => new Stretch(start, count);

    public static RowSelection Where(bool[] kept) => new Picked([.. Enumerable.Range(0, kept.Length).Where(row => kept[row])]);

    /// <summary>The rows at these places.</summary>
    public static RowSelection At(int[] rows) => new Picked(rows);

    public abstract int Count { get; }

    /// <summary>The values of these rows.</summary>
    public abstract T[] Take<T>(T[] all);

    public DataColumn Take(DataColumn column) => column switch
    {
        NumberColumn number => number with { Values = Take(number.Values) },
        CategoryColumn category => category with { Codes = Take(category.Codes) },
        _ => throw new ArgumentException($"A column of type {column.GetType().Name} has no rows.", nameof(column)),
    };

    private sealed record Stretch(int Start, int Length) : RowSelection
    {
        public override int Count => Length;

        public override T[] Take<T>(T[] all) => Length == all.Length ? all : all[Start..(Start + Length)];
    }

    private sealed record Picked(int[] Rows) : RowSelection
    {
        public override int Count => Rows.Length;

        public override T[] Take<T>(T[] all) => [.. Rows.Select(row => all[row])];
    }
}
