using System.Globalization;
using Microsoft.AspNetCore.Http;
using Shared.Contracts.Api;

namespace Relay.WebConsole.Fleet;

/// <summary>The form for an enrollment token, as it was filled in.</summary>
public sealed record TokenForm
{
    public string Name { get; init; } = "";

    public string Uses { get; init; } = "1000";

    public string Days { get; init; } = "7";

    /// <summary>What is to correct; null: nothing.</summary>
    public string? Problem { get; init; }

    internal static TokenForm Read(IFormCollection form) => new()
    {
        Name = form["name"].ToString().Trim(),
        Uses = form["uses"].ToString().Trim(),
        Days = form["days"].ToString().Trim(),
    };

    /// <summary>Null where a number is none.</summary>
    internal EnrollmentTokenRequest? ToRequest() =>
        int.TryParse(Uses, NumberStyles.None, CultureInfo.InvariantCulture, out int uses)
        && int.TryParse(Days, NumberStyles.None, CultureInfo.InvariantCulture, out int days)
            ? new EnrollmentTokenRequest { Name = Name, Uses = uses, ExpiresInDays = days }
            : null;
}
