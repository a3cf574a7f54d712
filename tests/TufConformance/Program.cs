using TufConformance;

if (!ClientArguments.TryParse(args, out ClientArguments? arguments))
{
    Console.Error.WriteLine(ClientArguments.Usage);
    return 1;
}

string? refusal = arguments.Command == "init"
    ? ConformanceClient.Initialize(arguments)
    : await ConformanceClient.RunAsync(arguments);
if (refusal is not null)
{
    Console.Error.WriteLine(refusal);
}

return refusal is null ? 0 : 1;
