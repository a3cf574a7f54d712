using System.Net;
using Relay.AdminClient;

namespace Relay.WebConsole.Routing;

/// <summary>Which refusals of the API are about what a form says: the form shows itself again with them. Others are pages of their own.</summary>
internal static class FormRefusal
{
    public static bool CanBeCorrected(RelayException refused) => refused.Status
        is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.UnprocessableEntity;
}
