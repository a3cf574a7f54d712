namespace Relay.WebConsole.Live;

/// <summary>The content of a page as it is now.</summary>
/// <param name="Version">Changes with the content.</param>
/// <param name="Html">With <see cref="Token"/> in the place of the token of a session.</param>
internal sealed record LivePage(string Version, string Html)
{
    /// <summary>No token of a session is this.</summary>
    public const string Token = "{csrf}";
}
