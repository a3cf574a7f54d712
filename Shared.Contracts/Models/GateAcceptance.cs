namespace Shared.Contracts.Models;

/// <summary>A person's decision that a version may ship although a gate fails. It is signed with the version.</summary>
/// <param name="Gate">The name of the gate.</param>
/// <param name="Reason">Why, in one line of at most <see cref="MaxReason"/> characters. Everyone who can read the release can read it.</param>
public sealed record GateAcceptance(string Gate, string Reason)
{
    public const int MaxReason = 500;

    /// <summary>Says what is wrong with a reason; null where it is one.</summary>
    public static string? FindReasonError(string? reason) =>
        string.IsNullOrWhiteSpace(reason) ? "it is empty; say why the version may ship"
        : reason.Length > MaxReason ? $"it has {reason.Length} characters, expected at most {MaxReason}"
        : !DisplayText.IsNameInData(reason) ? "it holds a control character or a line break; expected one line"
        : null;
}
