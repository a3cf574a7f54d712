using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Shared.Contracts;
using Shared.Contracts.Json;

namespace Relay.Server.Http.Access.Tokens;

/// <param name="Lines">Each names its place in the file.</param>
internal sealed record IdentityErrors(IReadOnlyList<string> Lines);

/// <summary>Reads the identity file. It finds all errors at once; a member that it does not know is one.</summary>
internal sealed class IdentityFileParser
{
    private const int MaximumIssuers = 20;
    private const int MaximumGrants = 200;
    private const int MaximumClaims = 20;
    private const int MaximumOwners = 10_000;
    private const int DefaultLifetimeMinutes = 24 * 60;
    private const int MaximumLifetimeMinutes = 7 * 24 * 60;

    private readonly StrictReader _reader = new();
    private readonly Func<string, X509Certificate2Collection?> _readAuthorities;
    private readonly Func<string, string?> _readSecret;

    private IdentityFileParser(Func<string, X509Certificate2Collection?> readAuthorities, Func<string, string?> readSecret) =>
        (_readAuthorities, _readSecret) = (readAuthorities, readSecret);

    /// <param name="readAuthorities">The certificates of a PEM file; null where it has none.</param>
    /// <param name="readSecret">The one line of a file; null where there is none.</param>
    public static Result<IReadOnlyList<TrustedIssuer>, IdentityErrors> Parse(
        byte[] json, Func<string, X509Certificate2Collection?> readAuthorities, Func<string, string?> readSecret)
    {
        JsonElement root;
        try
        {
            using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            root = document.RootElement.Clone();
        }
        catch (JsonException e)
        {
            return new IdentityErrors([JsonErrorText.Describe(e)]);
        }

        IdentityFileParser parser = new(readAuthorities, readSecret);
        List<TrustedIssuer> issuers = parser.ReadFile(root);
        return parser._reader.Errors.Count > 0 ? new IdentityErrors(parser._reader.Errors) : issuers;
    }

    private List<TrustedIssuer> ReadFile(JsonElement root)
    {
        List<TrustedIssuer> issuers = [];
        if (!_reader.IsObject(root, "$", "issuers"))
        {
            return issuers;
        }

        foreach ((JsonElement item, string path) in _reader.Items(root, "$", "issuers", MaximumIssuers))
        {
            if (ReadIssuer(item, path) is { } issuer)
            {
                issuers.Add(issuer);
            }
        }

        foreach (IGrouping<string, TrustedIssuer> same in issuers.GroupBy(issuer => issuer.Address).Where(group => group.Count() > 1))
        {
            _reader.Report("$.issuers", $"the issuer '{same.Key}' is there twice: put its grants into one entry");
        }

        return issuers;
    }

    private TrustedIssuer? ReadIssuer(JsonElement item, string path)
    {
        if (!_reader.IsObject(item, path, "issuer", "audience", "grants", "person", "certificateAuthority", "maximumLifetimeMinutes", "signIn"))
        {
            return null;
        }

        string? address = _reader.ReadText(item, path, "issuer");
        if (address is not null && !IsIssuer(address))
        {
            _reader.Report(
                path + ".issuer", $"'{address}' is no issuer: expected an https:// address without user, query and fragment, as its tokens name it");
        }

        IReadOnlyList<string> owners = PublicIssuers.FindOwnerClaims(address ?? "");
        return new TrustedIssuer
        {
            Address = address ?? "",
            Audience = _reader.ReadText(item, path, "audience") ?? "",
            Grants =
            [
                .. _reader.Items(item, path, "grants", MaximumGrants)
                    .Select(grant => ReadGrant(grant.Item, grant.Path, owners)).OfType<TokenGrant>(),
            ],
            MaximumLifetime = TimeSpan.FromMinutes(ReadMinutes(item, path)),
            Person = item.TryGetProperty("person", out JsonElement person) ? ReadPerson(person, path + ".person") : null,
            Authorities = ReadAuthorities(item, path),
            SignIn = item.TryGetProperty("signIn", out JsonElement signIn) ? ReadSignIn(signIn, path + ".signIn") : null,
        };
    }

    private TokenGrant? ReadGrant(JsonElement item, string path, IReadOnlyList<string> owners)
    {
        if (!_reader.IsObject(item, path, "role", "claims"))
        {
            return null;
        }

        string? name = _reader.ReadText(item, path, "role");
        ApiKeyRole? role = AccessPolicies.RoleNamed(name);
        if (name is not null && role is null)
        {
            _reader.Report(path + ".role", $"there is no role '{name}': expected one of {string.Join(", ", AccessPolicies.RoleNames)}");
        }

        IReadOnlyDictionary<string, string> claims = _reader.ReadTexts(item, path, "claims", MaximumClaims);
        if (owners.Count > 0 && claims.Count > 0 && !owners.Any(claims.ContainsKey))
        {
            _reader.Report(
                path + ".claims",
                $"this issuer signs tokens for anyone, so that the grant must say whose: name one of {string.Join(", ", owners)}");
        }

        return new TokenGrant(role ?? ApiKeyRole.Node, claims);
    }

    private PersonClaim? ReadPerson(JsonElement item, string path)
    {
        if (!_reader.IsObject(item, path, "claim", "owners"))
        {
            return null;
        }

        string? claim = _reader.ReadText(item, path, "claim");
        return new PersonClaim(claim ?? "", item.TryGetProperty("owners", out _) ? _reader.ReadTexts(item, path, "owners", MaximumOwners) : null);
    }

    private SignInClient? ReadSignIn(JsonElement item, string path)
    {
        if (!_reader.IsObject(item, path, "name", "clientId", "clientSecretFile"))
        {
            return null;
        }

        string? secret = null;
        if (item.TryGetProperty("clientSecretFile", out _) && _reader.ReadText(item, path, "clientSecretFile") is { } file)
        {
            secret = _readSecret(file);
            if (secret is null)
            {
                _reader.Report(path + ".clientSecretFile", $"'{file}' cannot be read as one line; the path is relative to the identity file");
            }
        }

        return new SignInClient(_reader.ReadText(item, path, "name") ?? "", _reader.ReadText(item, path, "clientId") ?? "", secret);
    }

    private int ReadMinutes(JsonElement item, string path)
    {
        if (!item.TryGetProperty("maximumLifetimeMinutes", out JsonElement member))
        {
            return DefaultLifetimeMinutes;
        }

        if (member.ValueKind is JsonValueKind.Number && member.TryGetInt32(out int minutes) && minutes is >= 1 and <= MaximumLifetimeMinutes)
        {
            return minutes;
        }

        _reader.Report(path + ".maximumLifetimeMinutes", $"expected a whole number from 1 to {MaximumLifetimeMinutes}");
        return DefaultLifetimeMinutes;
    }

    private X509Certificate2Collection? ReadAuthorities(JsonElement item, string path)
    {
        if (!item.TryGetProperty("certificateAuthority", out _) || _reader.ReadText(item, path, "certificateAuthority") is not { } file)
        {
            return null;
        }

        X509Certificate2Collection? found = _readAuthorities(file);
        if (found is null)
        {
            _reader.Report(
                path + ".certificateAuthority",
                $"'{file}' cannot be read as certificates in PEM; the path is relative to the identity file");
        }

        return found;
    }

    // Compared as texts: what Uri would change is refused, so that one issuer has one spelling.
    private static bool IsIssuer(string address) => Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)
        && uri.Scheme == Uri.UriSchemeHttps && uri is { UserInfo: "", Query: "", Fragment: "", Host.Length: > 0 }
        && (uri.AbsoluteUri == address || uri.AbsoluteUri == address + "/") && !address.Contains('#', StringComparison.Ordinal);
}
