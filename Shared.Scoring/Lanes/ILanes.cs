namespace Shared.Scoring.Lanes;

/// <summary>The operations of byte kernels on vectors with one byte per tree: one implementation per instruction set.</summary>
/// <typeparam name="TVector">A vector of bytes.</typeparam>
/// <typeparam name="TTable">The ranks of a row, loaded for look-ups.</typeparam>
internal interface ILanes<TVector, TTable>
    where TVector : unmanaged
    where TTable : struct
{
    /// <summary>Whether this processor has the instruction set.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>The instruction set, as kernel names show it.</summary>
    static abstract string Name { get; }

    /// <summary>The maximum number of ranks of a row; <see cref="LoadTable"/> reads that many.</summary>
    static abstract int MaxRanks { get; }

    static abstract TTable LoadTable(ref sbyte ranks);

    static abstract TVector Create(byte value);

    /// <summary>Per byte, the rank at that index.</summary>
    static abstract TVector Lookup(in TTable table, TVector rankIndexes);

    /// <summary>All bits of a byte where it is greater than the other one, both signed.</summary>
    static abstract TVector GreaterThan(TVector left, TVector right);

    /// <summary>All bits of a byte where it is at most the other one, both signed.</summary>
    static abstract TVector LessThanOrEqual(TVector left, TVector right);

    static abstract TVector Add(TVector left, TVector right);

    /// <summary>The bits of <paramref name="whenSet"/> where the mask is set, of <paramref name="otherwise"/> elsewhere.</summary>
    static abstract TVector Select(TVector mask, TVector whenSet, TVector otherwise);

    /// <summary>Twice the number, plus one where the mask is set: appends a bit.</summary>
    static abstract TVector AppendBit(TVector number, TVector mask);

    /// <summary><paramref name="kept"/> and (<paramref name="first"/> or <paramref name="second"/>).</summary>
    static abstract TVector AndEither(TVector kept, TVector first, TVector second);

    /// <summary>Per byte that is not 0, the index of its lowest set bit.</summary>
    static abstract TVector TrailingZeroCount(TVector bits);

    /// <summary>All bits of a byte that is 0, none of the others.</summary>
    static abstract TVector IsZero(TVector bits);
}
