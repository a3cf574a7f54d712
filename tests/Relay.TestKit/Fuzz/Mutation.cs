namespace Relay.TestKit.Fuzz;

/// <summary>One change of an input, as three free numbers: which kind, where, and with what. Each mutator reads them its own way,
/// so that every triple means something for every input and a failing one can be made smaller.</summary>
public readonly record struct Mutation(int Kind, int At, int With)
{
    /// <summary>A place in something of this length; 0 where it is empty.</summary>
    public int Place(int length) => length == 0 ? 0 : At % length;

    public T Pick<T>(IReadOnlyList<T> values) => values[With % values.Count];
}

/// <summary>Changes an input once. Total: whatever the bytes are, also those that an earlier change has spoiled.</summary>
public delegate byte[] Mutator(byte[] input, Mutation mutation);
