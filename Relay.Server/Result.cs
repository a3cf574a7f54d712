using System.Diagnostics.CodeAnalysis;

namespace Relay.Server;

/// <summary>What was asked for, or an expected refusal with its reason. Exceptions stay for bugs and broken environments.</summary>
public readonly struct Result<TValue, TRefusal>
    where TValue : class
    where TRefusal : class
{
    private Result(TValue? value, TRefusal? refusal) => (Value, Refusal) = (value, refusal);

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAccepted => Value is not null;

    public TValue? Value { get; }

    public TRefusal? Refusal { get; }

    public static implicit operator Result<TValue, TRefusal>(TValue value) => new(value, null);

    public static implicit operator Result<TValue, TRefusal>(TRefusal refusal) => new(null, refusal);
}
