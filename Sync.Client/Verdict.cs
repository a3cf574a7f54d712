using System.Diagnostics.CodeAnalysis;
using Shared.Contracts.Trust;

namespace Sync.Client;

/// <summary>What was asked for, or why it is refused.</summary>
internal readonly struct Verdict<T>
    where T : class
{
    private Verdict(T? value, Refusal? refusal) => (Value, Refusal) = (value, refusal);

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Refusal))]
    public bool IsAccepted => Value is not null;

    public T? Value { get; }

    public Refusal? Refusal { get; }

    public static implicit operator Verdict<T>(T value) => new(value, null);

    public static implicit operator Verdict<T>(Refusal refusal) => new(null, refusal);
}
