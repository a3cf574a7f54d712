using Relay.Server.Http.Access;
using Relay.Server.Http.Access.Tokens;
using Shared.Contracts;

namespace Relay.Server.Cli.Identity;

/// <summary>What is shown of a token. Never the token itself, and of its claims those only that the identity file names.</summary>
internal static class IdentityText
{
    private const int MaximumValues = 10;
    private const int MaximumCharacters = 200;

    /// <param name="issuers">Those of the identity file.</param>
    public static IEnumerable<string> Describe(TokenExamination examined, IReadOnlyList<TrustedIssuer> issuers)
    {
        TokenRefusal? refusal = examined.Result.Refusal;
        if (examined.Content is { } content)
        {
            yield return $"issuer    {Show(content.Issuer)}{(content.Trust is null ? $"; the file has {List(issuers.Select(i => i.Address))}" : "")}";
            yield return $"subject   {Show(content.Subject)}";
            yield return $"audience  {List(content.Audiences)}{(content.Trust is { } trust ? $"; the file has {Show(trust.Audience)}" : "")}";
            yield return content.ExpiresAt is { } expires ? DisplayText.Format($"expires   {expires:u}") : "expires   never";
        }

        yield return refusal is null ? "The token is valid." : DisplayText.Format($"Refused, {refusal.Reason}: {refusal.Detail}");
        if (refusal?.Reason is TokenRefusalReason.IssuerUnreachable && examined.Content?.KeyFailure is { } failure)
        {
            yield return DisplayText.Format($"The cause: {FindCause(failure)}");
        }

        IReadOnlyList<GrantComparison> grants = examined.Content?.Grants ?? [];
        if (grants.Count > 0 && refusal is { Reason: not TokenRefusalReason.NoGrant })
        {
            yield return "By what it says of itself, which does not count while it is refused:";
        }

        for (int i = 0; i < grants.Count; i++)
        {
            yield return DisplayText.Format($"grant {i + 1}   {AccessPolicies.NameOf(grants[i].Grant.Role)}: ") + Compare(grants[i]);
        }

        if (examined.Result.Value is { } identity)
        {
            yield return $"person    {(identity.Actor.Owner is { } owner ? Show(owner) : "none")}";
            yield return $"roles     {string.Join(", ", identity.Roles.Select(AccessPolicies.NameOf))}";
        }
    }

    private static string Compare(GrantComparison grant) => grant.Differing is not { } claim ? "applies"
        : DisplayText.Format($"does not apply: {claim} must be '{grant.Grant.Claims[claim]}', and the token has ")
            + (grant.Values.Count == 0 ? "no text there" : List(grant.Values));

    private static string List(IEnumerable<string> values)
    {
        string[] all = [.. values];
        return all.Length == 0 ? "none"
            : string.Join(", ", all.Take(MaximumValues).Select(Show)) + (all.Length > MaximumValues ? $" and {all.Length - MaximumValues} more" : "");
    }

    private static string Show(string text) => text.Length == 0 ? "none"
        : DisplayText.Format($"'{(text.Length > MaximumCharacters ? text[..MaximumCharacters] + "..." : text)}'");

    // The library wraps it.
    private static string FindCause(Exception failure)
    {
        Exception cause = failure;
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        return cause.Message;
    }
}
