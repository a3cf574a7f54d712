using Shared.Contracts;
using Sync.Client;
using Sync.Node;

// What a command prints may quote the relay, mirrors and files of others.
Console.SetOut(new DisplayTextWriter(Console.Out));
Console.SetError(new DisplayTextWriter(Console.Error));

OptionNames.Use(NodeOptionNames.All);
return await NodeCommandLine.Create().Parse(args).InvokeAsync();
