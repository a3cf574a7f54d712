namespace Relay.Server.Http.Access.Tokens;

/// <summary>Who acts with a token, as the relay stores it beside the ids of API keys: <c>oidc:ISSUER#SUBJECT</c>, and <c>#OWNER</c> behind it where
/// the token names a person. An issuer has no <c>#</c>, and an escaped subject has none, so that two actors never share a text; the id of an API key
/// is hexadecimal.</summary>
internal sealed record TokenActor(string Issuer, string Subject, string? Owner)
{
    /// <summary>The scheme's name: no id of an API key has a colon.</summary>
    public const string Prefix = "oidc:";

    private const char Separator = '#';

    /// <summary>The same for all tokens of a subject, whichever person they name.</summary>
    public string Source => $"{Prefix}{Issuer}{Separator}{Escape(Subject)}";

    public static bool IsToken(string actor) => actor.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Null for a text that is not of a token.</summary>
    public static TokenActor? TryParse(string actor)
    {
        string[] parts = IsToken(actor) ? actor[Prefix.Length..].Split(Separator) : [];
        return parts.Length is 2 or 3 ? new(parts[0], Unescape(parts[1]), parts.Length == 3 ? Unescape(parts[2]) : null) : null;
    }

    public override string ToString() => Owner is null ? Source : $"{Source}{Separator}{Escape(Owner)}";

    // The separator and the sign that escapes it; the rest stays readable.
    private static string Escape(string text) =>
        text.Replace("%", "%25", StringComparison.Ordinal).Replace("#", "%23", StringComparison.Ordinal);

    private static string Unescape(string text) =>
        text.Replace("%23", "#", StringComparison.Ordinal).Replace("%25", "%", StringComparison.Ordinal);
}
