namespace Shared.Scoring.Lanes;

/// <summary>Bytes side by side, one per tree, and the few things that byte kernels do with them: one implementation per
/// instruction set.</summary>
/// <typeparam name="TVector">A vector of bytes.</typeparam>
/// <typeparam name="TTable">The codes of a row, ready to be looked up.</typeparam>
internal interface ILanes<TVector, TTable>
    where TVector : unmanaged
    where TTable : struct
{
    /// <summary>Whether this processor has the instructions.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>The instruction set, as kernel names show it.</summary>
    static abstract string Name { get; }

    /// <summary>Most codes of a row; so many <see cref="Table"/> reads.</summary>
    static abstract int MaxCodes { get; }

    static abstract TTable Table(ref sbyte codes);

    static abstract TVector Fill(byte value);

    /// <summary>Per byte, the code of that number.</summary>
    static abstract TVector Lookup(in TTable table, TVector numbers);

    /// <summary>All bits of a byte where it is above the other one, both signed.</summary>
    static abstract TVector Above(TVector left, TVector right);

    /// <summary>All bits of a byte where it is not above the other one, both signed.</summary>
    static abstract TVector NotAbove(TVector left, TVector right);

    static abstract TVector Add(TVector left, TVector right);

    /// <summary>Bits of <paramref name="whenSet"/> where the mask has ones, of <paramref name="otherwise"/> elsewhere.</summary>
    static abstract TVector Select(TVector mask, TVector whenSet, TVector otherwise);

    /// <summary>Twice a number, one more where the mask has ones: a bit is put behind the bits so far.</summary>
    static abstract TVector Append(TVector number, TVector mask);

    /// <summary>The bits that are in <paramref name="kept"/> and in one of the others.</summary>
    static abstract TVector AndEither(TVector kept, TVector first, TVector second);

    /// <summary>Per byte that is not 0, the number of its lowest one.</summary>
    static abstract TVector LowestBit(TVector bits);

    /// <summary>All bits of a byte that is 0.</summary>
    static abstract TVector IsZero(TVector bits);
}
