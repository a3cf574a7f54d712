using Relay.WebConsole.Forms;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Fleet;

/// <summary>What the page of enrollment tokens shows.</summary>
/// <param name="Usable">The filter of the list; null: all.</param>
/// <param name="IsLater">Whether this is not the first page of the list.</param>
/// <param name="Form">What the form shows.</param>
public sealed record TokenModel(Page<EnrollmentTokenView> Tokens, bool? Usable, bool IsLater, FilledForm Form)
{
    /// <summary>The token that was just made, with its text; null in all other answers.</summary>
    public EnrollmentTokenCreated? Created { get; init; }
}
