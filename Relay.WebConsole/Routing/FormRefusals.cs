using System.Net;
using Relay.AdminClient;

namespace Relay.WebConsole.Routing;

/// <summary>Tells what a user can correct in a form from what they cannot.</summary>
internal static class FormRefusals
{
    public static bool IsCorrectable(this RelayException refused) =>
        refused.Status is HttpStatusCode.BadRequest or HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity;
}
