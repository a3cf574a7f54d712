using System.Diagnostics.CodeAnalysis;

namespace Shared.Contracts;

/// <summary>The outcome of an operation that may refuse: a value, or the <see cref="Shared.Contracts.Refusal"/> that says why there is none.
/// A refusal is expected, so it is returned; exceptions are for bugs and broken environments.</summary>
/// <remarks>A value and a <see cref="Shared.Contracts.Refusal"/> convert implicitly: <c>return manifest;</c>, <c>return refusal;</c>.</remarks>
public readonly struct Result<T>
    where T : class
{
    private Result(T? value, Refusal? refusal) => (Value, Refusal) = (value, refusal);

    /// <summary>True when there is a value, false when there is a refusal.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAccepted => Value is not null;

    /// <summary>The value; null when the operation refused.</summary>
    public T? Value { get; }

    /// <summary>The reason; null when the operation accepted.</summary>
    public Refusal? Refusal { get; }

    /// <summary>The value, for a caller to which a refusal means a damaged environment.</summary>
    /// <exception cref="InvalidDataException">The operation refused.</exception>
    public T ValueOrThrow()
    {
        Refusal.ThrowIfRefused(Refusal);
        return Value!;
    }

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Refusal refusal) => new(null, refusal);
}

/// <summary>The outcome of an operation whose refusals carry more than a <see cref="Shared.Contracts.Refusal"/>: a value, or the refusal.</summary>
/// <typeparam name="TValue">What was asked for.</typeparam>
/// <typeparam name="TRefusal">Says why, with an enum of reasons.</typeparam>
public readonly struct Result<TValue, TRefusal>
    where TValue : class
    where TRefusal : class
{
    private Result(TValue? value, TRefusal? refusal) => (Value, Refusal) = (value, refusal);

    /// <summary>True when there is a value, false when there is a refusal.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAccepted => Value is not null;

    /// <summary>The value; null when the operation refused.</summary>
    public TValue? Value { get; }

    /// <summary>The refusal; null when the operation accepted.</summary>
    public TRefusal? Refusal { get; }

    public static implicit operator Result<TValue, TRefusal>(TValue value) => new(value, null);

    public static implicit operator Result<TValue, TRefusal>(TRefusal refusal) => new(null, refusal);
}
